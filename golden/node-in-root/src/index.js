const path = require('path')
const app = require('express')()

app.use(require('express').static(path.resolve(__dirname, 'static')))
app.get('/app.js', require('./script'))
app.listen(80)
