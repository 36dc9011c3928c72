export default {
  input: "src/index.js",
  external: ["koa"],
  output: { file: "dist/index.js", format: "cjs", interop: "auto" },
};
