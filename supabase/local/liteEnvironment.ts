// Read by @supabase/lite while it is being imported, so this file comes first wherever Lite is imported.
process.env.LITE_TELEMETRY = '0'
process.env.EXPERIMENTAL_STORAGE = '1'

// Two warnings that say nothing to the person at the keyboard: Node 20 is what this program supports, and Lite's
// storage is used on purpose, with our own adapter and tests. Every other warning passes.
const known = [/Node\.js 20 and below are deprecated/, /EXPERIMENTAL FEATURES ENABLED: storage/]
const warn = console.warn.bind(console)
console.warn = (...words: unknown[]) => {
  if (!known.some((pattern) => pattern.test(String(words[0])))) warn(...words)
}
