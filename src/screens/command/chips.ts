import type { Chip } from '../../features/command/CommandBar.vue'
import type { CommandLink } from '../../features/command/commandLink'

/** What is chosen, in the order in which it was, with its names. */
export const chipsOf = (link: CommandLink, names: Record<Chip['key'], string>): Chip[] =>
  link.order.map((key) => ({ key, name: names[key] }))
