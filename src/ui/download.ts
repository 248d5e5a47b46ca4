/** Hands a file to the person. */
export function download({ name, bytes, type }: { name: string; bytes: Uint8Array; type: string }): void {
  const address = URL.createObjectURL(new Blob([bytes as BlobPart], { type }))
  Object.assign(document.createElement('a'), { href: address, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
