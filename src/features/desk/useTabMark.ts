import { nextTick, onScopeDispose, watch } from 'vue'

const SIDE = 64

/** The icon of the tab with a figure on it, as a data URL; null where nothing can be drawn. */
function drawMark(icon: HTMLImageElement, count: number, grave: boolean): string | null {
  const canvas = document.createElement('canvas')
  canvas.width = SIDE
  canvas.height = SIDE
  const c = canvas.getContext('2d')
  if (!c) return null
  c.drawImage(icon, 0, 0, SIDE, SIDE)
  c.beginPath()
  c.arc(SIDE * 0.66, SIDE * 0.66, SIDE * 0.34, 0, Math.PI * 2)
  // told by ink and paper; a thicker rim for a major one
  c.fillStyle = '#182023'
  c.fill()
  c.lineWidth = grave ? 7 : 3
  c.strokeStyle = '#ffffff'
  c.stroke()
  c.fillStyle = '#ffffff'
  c.font = `700 ${count > 9 ? 26 : 34}px sans-serif`
  c.textAlign = 'center'
  c.textBaseline = 'middle'
  c.fillText(count > 99 ? '99' : String(count), SIDE * 0.66, SIDE * 0.68)
  return canvas.toDataURL('image/png')
}

/** "(3) 值守" and a figure on the icon: what waits is seen from another tab. Put back when the scope ends. */
export function useTabMark(count: () => number, grave: () => boolean, title: () => string): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  const plain = link?.href
  const icon = new Image()
  icon.src = '/favicon.svg'

  function mark(): void {
    const n = count()
    document.title = n > 0 ? `(${n}) ${title()}` : title()
    if (!link || !plain) return
    link.href = (n > 0 && icon.complete && icon.naturalWidth > 0 && drawMark(icon, n, grave())) || plain
  }
  icon.onload = mark
  watch([count, grave, title], mark, { flush: 'post' })
  // after the page has named itself
  let over = false
  void nextTick(() => over || mark())
  onScopeDispose(() => {
    over = true
    icon.onload = null
    if (link && plain) link.href = plain
  })
}
