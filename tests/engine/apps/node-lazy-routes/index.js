const fs = require('fs')
const path = require('path')
const app = require('express')()

// every file in routes/ is a router
for (const file of fs.readdirSync(path.join(__dirname, 'routes'))) {
  require(path.join(__dirname, 'routes', file))(app)
}
app.listen(process.env.PORT || 3000)
