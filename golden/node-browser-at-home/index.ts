import puppeteer from 'puppeteer'

async function main() {
  const browser = await puppeteer.launch({ args: ['--no-sandbox'] })
  console.log(await browser.version())
}

main()
