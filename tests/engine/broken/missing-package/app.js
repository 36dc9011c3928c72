console.log(require("left")("hello"))
