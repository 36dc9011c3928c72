const path = require('path')

if (process.env.NODE_ENV === 'production') {
  const bundle = path.resolve(__dirname, 'bundle.js')
  module.exports = (request, response) => response.sendFile(bundle)
} else {
  module.exports = require('webpack-dev-middleware')(require('webpack')(require('../webpack.config.js')))
}
