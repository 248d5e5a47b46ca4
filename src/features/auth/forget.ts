/** What belongs to the machine rather than to the person, and so stays after sign-out. */
const KEPT_KEYS: readonly string[] = ['safegrid.locale', 'safegrid.theme']
/** The database of src/db/outboxShelf.ts, and the caches of src/screens/m/serviceWorker.ts. */
const OUTBOX = 'safegrid-outbox'
const SHELL = 'safegrid-shell-'

/**
 * Removes everything this origin holds about the person who was here: localStorage (except language and theme),
 * sessionStorage, IndexedDB and Cache Storage. One store that fails does not keep the others. Two things stay: the page
 * itself (it says nothing of anybody), and reports that have not been delivered, which only their owner sends and sees.
 */
export async function forgetEverything(): Promise<void> {
  attempt(() => {
    for (const key of Object.keys(localStorage)) if (!KEPT_KEYS.includes(key)) localStorage.removeItem(key)
  })
  attempt(() => sessionStorage.clear())
  await Promise.allSettled([forgetDatabases(), forgetCaches()])
}

function attempt(step: () => void): void {
  try {
    step()
  } catch {
    // storage may be blocked; then there is nothing in it
  }
}

async function forgetDatabases(): Promise<void> {
  if (typeof indexedDB === 'undefined' || !indexedDB.databases) return
  for (const { name } of await indexedDB.databases()) {
    if (name === OUTBOX) await import('../../db/outboxShelf').then(({ forgetArrived }) => forgetArrived())
    else if (name) indexedDB.deleteDatabase(name)
  }
}

async function forgetCaches(): Promise<void> {
  if (typeof caches === 'undefined') return
  const others = (await caches.keys()).filter((key) => !key.startsWith(SHELL))
  await Promise.all(others.map((key) => caches.delete(key)))
}
