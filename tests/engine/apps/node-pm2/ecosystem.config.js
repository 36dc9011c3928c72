module.exports = {
  apps: [{ name: 'board', script: './bin/www', instances: 2, exec_mode: 'cluster' }],
}
