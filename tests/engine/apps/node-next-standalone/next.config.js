/** @type {import('next').NextConfig} */
module.exports = {
  output: 'standalone',
  generateBuildId: () => process.env.npm_package_version,
}
