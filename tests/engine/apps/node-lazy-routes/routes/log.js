module.exports = (app) => app.use(require('morgan')('tiny'))
