const CHANNEL = 'safegrid.auth'

/** A word to the other tabs of this browser. */
export interface Tabs {
  saySignedOut(): void
  close(): void
}

/** Tells the other tabs of this browser about signing out, and hears it from them (never from oneself). */
export function openTabs(onSignedOut: () => void): Tabs {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = (event: MessageEvent<unknown>) => {
    if (event.data === 'signed-out') onSignedOut()
  }
  return {
    saySignedOut: () => channel.postMessage('signed-out'),
    close: () => channel.close(),
  }
}
