import { onScopeDispose, ref } from 'vue'

/** A notice of the system that stands above all windows. */
export interface NoticeText {
  id: string
  title: string
  body: string
  /** Stays until somebody acts. */
  stays: boolean
}

/** unavailable: this browser has none, or the address is not https. */
export type NoticeState = NotificationPermission | 'unavailable'

/** Desktop notices: asked for on a click, shown while the desk is open, gone when what they are about is settled. */
export function useNotices(onOpen: (id: string) => void) {
  const Notice = globalThis.Notification
  const permission = ref<NoticeState>(Notice && globalThis.isSecureContext ? Notice.permission : 'unavailable')
  const open = new Map<string, Notification>()

  async function ask(): Promise<void> {
    if (permission.value === 'default') permission.value = await Notice.requestPermission()
  }

  function show({ id, title, body, stays }: NoticeText): void {
    if (permission.value !== 'granted') return
    try {
      const notice = new Notice(title, {
        body,
        tag: `safegrid-desk-${id}`,
        requireInteraction: stays,
        icon: '/favicon.svg',
      })
      notice.onclick = () => {
        window.focus()
        onOpen(id)
        notice.close()
      }
      notice.onclose = () => open.delete(id)
      open.set(id, notice)
    } catch {
      // a browser of a phone shows notices only from a service worker
      permission.value = 'unavailable'
    }
  }

  /** Takes back the notices of everything that is not among these. */
  function keepOnly(ids: ReadonlySet<string>): void {
    for (const [id, notice] of open) if (!ids.has(id)) notice.close()
  }

  onScopeDispose(() => keepOnly(new Set()))
  return { permission, ask, show, keepOnly }
}
