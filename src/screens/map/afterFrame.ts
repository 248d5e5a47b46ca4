/**
 * Runs what a frame need not wait for, once that frame is drawn: in a task of its own, so that what is worked at for
 * the worker or the list stands in nobody's way. In a page that is not looked at it waits until it is.
 * @returns calls it off
 */
export function afterFrame(work: () => void): () => void {
  let task: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => {
    task = setTimeout(work)
  })
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(task)
  }
}
