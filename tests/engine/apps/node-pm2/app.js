const express = require('express')

const app = express()
app.get('/', (request, response) => response.send('hello from board 1'))

module.exports = app
