// What a choice on the map costs before its frame: another sector, another level. One request, and little script.
import { openBrowser } from '../journeys/browser'
import { mapReady, signIn } from '../journeys/person'
import { startServer } from '../journeys/server'
import { median } from './ratio'

// As text: the loader that runs this file adds helpers to functions, which the page does not have.
// Before the page's own scripts: what a frame runs is timed, and when the body of an answer is there is noted.
const WATCH = `
  const frame = window.requestAnimationFrame.bind(window)
  window.benchFrame = 0
  window.requestAnimationFrame = (work) => frame((now) => {
    const start = performance.now()
    work(now)
    window.benchFrame += performance.now() - start
  })
  const text = Response.prototype.text
  Response.prototype.text = async function () {
    const words = await text.call(this)
    if (this.url.includes('/rpc/risk_map')) window.benchAnswered?.()
    return words
  }
  // what stands in the queue of microtasks is done when a message arrives
  const settled = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => done()
    port2.postMessage(0)
  })
  const task = async (begin) => {
    const start = performance.now()
    await begin()
    await settled()
    return performance.now() - start
  }
  const drawn = async () => {
    window.benchFrame = 0
    await new Promise((done) => frame(() => setTimeout(done)))
    return window.benchFrame
  }
  /** Presses one button after the other: milliseconds of script of each, and how many requests went out for all. */
  window.benchChoose = async (selector, asks) => {
    performance.clearResourceTimings()
    const spent = []
    for (const button of document.querySelectorAll(selector)) {
      const answered = new Promise((done) => { window.benchAnswered = done })
      let script = await task(() => button.click())
      if (asks) {
        await answered
        script += await task(() => {})
      }
      spent.push(script + await drawn())
      // labels fade, tiles come: not counted, and not to be in the way of the next
      for (let frames = 0; frames < 40; frames++) await new Promise((done) => frame(done))
    }
    const asked = performance.getEntriesByType('resource').filter(({ name }) => /\\/rpc\\/(?!changes_since)/.test(name))
    return { spent, asked: asked.length }
  }
`

export async function benchChoices(): Promise<void> {
  const server = await startServer()
  const browser = await openBrowser()
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(90_000)
    await page.addInitScript(WATCH)
    await signIn(page, server.url, 'leader@demo.local', undefined, '/map?level=3')
    await mapReady(page)
    await page.click('[data-tab=sectors]')
    await page.waitForSelector('[data-testid=sector-list] button')
    await page.waitForTimeout(3000)
    for (const [what, selector, asks] of [
      ['another sector', '[data-testid=sector-list] button[aria-checked=false]', true],
      ['another level', '[data-testid=level-pin] button', false],
    ] as const) {
      const { spent, asked } = (await page.evaluate(`window.benchChoose(${JSON.stringify(selector)}, ${asks})`)) as {
        spent: number[]
        asked: number
      }
      console.log(
        `${what}, 983 villages: ${(asked / spent.length).toFixed(1)} requests (limit 1), ` +
          `${median(spent).toFixed(1)} ms of script up to its frame (limit 20)`,
      )
    }
  } finally {
    await browser.close()
    await server.stop()
  }
}
