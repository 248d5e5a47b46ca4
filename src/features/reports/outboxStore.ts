import { defineStore } from 'pinia'
import { computed, effectScope, ref, shallowRef, watch } from 'vue'
import { isReachable } from '../../db/connection'
import { type NewEntry, type Outbox, type OutboxEntry, openOutbox } from '../../db/outbox'
import { serverTransport } from '../../db/outboxTransport'

/** The outbox of whoever is signed in, as the screens see it: open for as long as they are. */
export const useOutbox = defineStore('outbox', () => {
  const entries = shallowRef<OutboxEntry[]>([])
  /** The browser keeps nothing (a private window, a full disk): what is said here is sent now or lost. */
  const broken = ref(false)
  const unsent = computed(() => entries.value.filter((entry) => entry.state !== 'done'))
  let box: Outbox | undefined
  let owner: string | undefined
  let stopListening: (() => void) | undefined

  /** Opens the outbox of a person and sends what waits in it. Another person's is closed. */
  function open(user: string): void {
    if (owner === user) return
    close()
    owner = user
    box = openOutbox(user, serverTransport, () => void show())
    stopListening = listen()
    void show()
    wake()
  }

  async function show(): Promise<void> {
    const mine = box
    try {
      const list = await mine?.list()
      if (mine === box && list) entries.value = list.reverse()
      broken.value = false
    } catch {
      broken.value = true
    }
  }

  // Everything that may mean "there is a network again".
  function listen(): () => void {
    const onVisible = () => document.visibilityState === 'visible' && wake()
    window.addEventListener('online', wake)
    window.addEventListener('pageshow', wake)
    document.addEventListener('visibilitychange', onVisible)
    // Longer than the screen that opened it.
    const scope = effectScope(true)
    scope.run(() => watch(isReachable, (reachable) => reachable && wake()))
    return () => {
      window.removeEventListener('online', wake)
      window.removeEventListener('pageshow', wake)
      document.removeEventListener('visibilitychange', onVisible)
      scope.stop()
    }
  }

  function wake(): void {
    void box?.retry().catch(() => undefined)
  }

  /** @returns whether it is kept. */
  async function add(entry: NewEntry): Promise<boolean> {
    // Asked for once there is something worth keeping: the browser then does not clear it away under pressure.
    void navigator.storage?.persist?.().catch(() => false)
    try {
      await box?.add(entry)
      return box !== undefined
    } catch {
      broken.value = true
      return false
    }
  }

  const retry = async (id?: string): Promise<void> => {
    await box?.retry(id).catch(() => undefined)
  }
  const amend = async (id: string, args: Record<string, unknown>): Promise<boolean> =>
    (await box?.amend(id, args).catch(() => false)) ?? false
  const take = async (id: string): Promise<OutboxEntry | null> => (await box?.take(id).catch(() => null)) ?? null

  function close(): void {
    stopListening?.()
    stopListening = undefined
    box?.close()
    box = undefined
    owner = undefined
    entries.value = []
  }

  return { entries, unsent, broken, open, add, retry, amend, take, close }
})
