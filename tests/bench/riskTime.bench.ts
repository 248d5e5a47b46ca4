// The past on the map: how much a year of a level weighs, and how much script a day of it costs before its frame.
import type { Page } from 'playwright-core'
import type { TestDatabase } from '../../supabase/local/testing'
import { openBrowser } from '../journeys/browser'
import { mapReady, signIn } from '../journeys/person'
import { startServer } from '../journeys/server'

/** Bytes of the largest answer of risk_playback: every level, all sectors together and each by itself. */
export async function benchPlayback(db: TestDatabase, leader: string): Promise<void> {
  const asLeader = db.asUser(leader)
  const { rows: sectors } = await db.query<{ code: string | null }>(
    'select code from public.sectors union all select null',
  )
  let [most, of] = [0, '']
  for (const level of [2, 3])
    for (const { code } of sectors) {
      const { rows } = await asLeader.query<{ bytes: number }>(
        'select octet_length(public.risk_playback($1, $2)::text) as bytes',
        [level, code],
      )
      if (Number(rows[0]!.bytes) > most)
        [most, of] = [Number(rows[0]!.bytes), `level ${level}, ${code ?? 'all sectors'}`]
    }
  console.log(`risk_playback of a year (${db.engine}), the largest: ${(most / 1000).toFixed(0)} kB, ${of} (limit 1000)`)
}

/** Milliseconds of script that the page ran, drawing by MapLibre included, a time; the work says how many times. */
export async function scriptOf(page: Page, work: () => Promise<number>): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  const read = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'ScriptDuration')!.value * 1000
  }
  const before = await read()
  const times = await work()
  const spent = (await read()) - before
  await cdp.detach()
  return spent / times
}

/** Single days that are stepped through. */
const STEPS = 20

/** A replay of every village of the county, and single days, in a real browser. */
export async function benchReplay(): Promise<void> {
  const server = await startServer()
  const browser = await openBrowser({ reducedMotion: 'no-preference' })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(90_000)
    await signIn(page, server.url, 'leader@demo.local', undefined, '/map?level=3')
    await mapReady(page)
    await page.click('[data-testid=time-button]')
    await page.waitForSelector('[data-testid=time-bar] path.line')
    await page.focus('[data-testid=time-slider]')
    await page.keyboard.press('Home')
    await page.waitForSelector('[data-testid=time-chip][data-state=archived]', { timeout: 60_000 })
    await page.waitForTimeout(2000)
    // As text: the loader that runs this file adds helpers to functions, which the page does not have.
    await page.evaluate(`
      window.benchDays = 0
      new MutationObserver(() => window.benchDays++).observe(
        document.querySelector('[data-testid=time-bar]'), { attributeFilter: ['data-day'] })
    `)
    const replay = await scriptOf(page, async () => {
      await page.keyboard.press('Space')
      await page.waitForTimeout(8000)
      const days = Number(await page.evaluate('window.benchDays'))
      await page.keyboard.press('Space')
      return days
    })
    console.log(
      `script for a day of the replay, 983 villages, fade and drawing included: ${replay.toFixed(1)} ms (limit 20)`,
    )
    await page.waitForSelector('[data-testid=time-chip][data-state=archived]')
    await page.waitForTimeout(2000)
    // Pressed from inside the page: a look from outside would be counted as script too.
    const day = await scriptOf(page, async () => {
      await page.evaluate(`(async () => {
        const slider = document.querySelector('[data-testid=time-slider]')
        for (let step = 0; step < ${STEPS}; step++) {
          slider.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }))
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
        }
      })()`)
      return STEPS
    })
    console.log(`script for a step of a day up to its frame: ${day.toFixed(1)} ms (limit 20)`)
  } finally {
    await browser.close()
    await server.stop()
  }
}
