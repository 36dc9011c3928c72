module.exports = {
  entry: './src/client',
  output: { filename: 'dist/bundle.js' },
}
