/** What belongs to the machine rather than to the person, and so stays after sign-out. */
const KEPT_KEYS: readonly string[] = ['safegrid.locale', 'safegrid.theme']

/**
 * Removes everything this origin holds about the person who was here: localStorage (except language and theme),
 * sessionStorage, IndexedDB and Cache Storage. One store that fails does not keep the others.
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
  for (const { name } of await indexedDB.databases()) if (name) indexedDB.deleteDatabase(name)
}

async function forgetCaches(): Promise<void> {
  if (typeof caches === 'undefined') return
  await Promise.all((await caches.keys()).map((key) => caches.delete(key)))
}
