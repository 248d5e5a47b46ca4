/** On a page whose map never comes the rest is not kept waiting for ever. */
const LONGEST_MS = 15_000

let show = () => {}
const shown = new Promise<void>((resolve) => {
  show = resolve
})

/** The map has drawn its first picture. */
export const noteMapShown = (): void => show()

/** Resolves once a map has been shown on this page. */
export const mapShown = (): Promise<void> =>
  Promise.race([shown, new Promise<void>((resolve) => setTimeout(resolve, LONGEST_MS))])
