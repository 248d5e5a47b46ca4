// What a choice on the map costs before its frame: another sector, another level. One request, and little script.
import { openBrowser } from '../journeys/browser'
import { mapReady, signIn } from '../journeys/person'
import { startServer } from '../journeys/server'
import { median } from './ratio'
import { scriptOf } from './riskTime.bench'

// As text: the loader that runs this file adds helpers to functions, which the page does not have.
// Before the page's own scripts: when the body of an answer is there is noted.
const WATCH = `
  const text = Response.prototype.text
  Response.prototype.text = async function () {
    const words = await text.call(this)
    if (this.url.includes('/rpc/risk_map')) window.benchAnswered?.()
    return words
  }
  const frame = () => new Promise((done) => requestAnimationFrame(done))
  // all that a frame runs is done when a message arrives that was sent in it
  const drawn = async () => {
    await frame()
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = done
      port2.postMessage(0)
    })
  }
  /** Presses a button, and waits for the frame that shows it: that after the answer, where there is one to wait for. @returns one choice */
  window.benchChoose = async (selector, at, asks) => {
    const answered = asks && new Promise((done) => { window.benchAnswered = done })
    document.querySelectorAll(selector)[at].click()
    await answered
    await drawn()
    return 1
  }
  /** Labels and points follow, tiles come: not counted, and not to be in the way of the next. */
  window.benchRest = async () => { for (let frames = 0; frames < 40; frames++) await frame() }
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
      ['another sector', '[data-testid=sector-list] button', true],
      ['another level', '[data-testid=level-pin] button', false],
    ] as const) {
      const chosen = await page.locator(selector).evaluateAll((all) => all.map((each) => each.ariaChecked === 'true'))
      await page.evaluate('performance.clearResourceTimings()')
      const spent: number[] = []
      for (const [at, already] of chosen.entries()) {
        if (already) continue
        const choose = `window.benchChoose(${JSON.stringify(selector)}, ${at}, ${asks})`
        spent.push(await scriptOf(page, () => page.evaluate<number>(choose)))
        await page.evaluate('window.benchRest()')
      }
      const asked = await page.evaluate(
        () =>
          performance.getEntriesByType('resource').filter(({ name }) => /\/rpc\/(?!changes_since)/.test(name)).length,
      )
      console.log(
        `${what}, 983 villages: ${(asked / spent.length).toFixed(1)} requests (limit 1), ` +
          `${median(spent).toFixed(1)} ms of script up to its frame, the slowest ${Math.max(...spent).toFixed(1)} (limit 20)`,
      )
    }
  } finally {
    await browser.close()
    await server.stop()
  }
}
