module.exports = (app) => app.get('/orders', (req, res) => res.json([{ id: 1, item: 'tea' }]))
