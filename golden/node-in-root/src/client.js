require('babel-polyfill')
document.title = 'Pizza'
