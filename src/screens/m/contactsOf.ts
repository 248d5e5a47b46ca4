import type { LoopCard } from '../../features/hazardLoop/loop'
import type { WorkItem } from '../../features/work/work'
import { i18n } from '../../i18n'

interface Contact {
  name: string
  role: string
  phone: string | null
}

/** Whom to call about a hazard: about this step, at the enterprise, who leads its grid; nobody twice, and not oneself. */
export function contactsOf(card: LoopCard, item: WorkItem | null, self: string): Contact[] {
  const { t } = i18n.global
  const out: Contact[] = []
  const add = (contact: Contact): void => {
    if (contact.phone && !out.some(({ phone }) => phone === contact.phone)) out.push(contact)
  }
  if (item?.contact) add({ ...item.contact, role: t(`work.as.${item.contact.as}`) })
  if (item?.enterprise && item.enterprise_phone)
    add({ name: item.enterprise, role: t('hazards.enterprise'), phone: item.enterprise_phone })
  for (const grid of card.responsible.territorial.slice(0, 2)) {
    const leader = grid.people.find(({ position }) => position === 'leader')
    if (leader && leader.user_id !== self)
      add({ name: leader.name, role: `${grid.name} ${t('map.position.leader')}`, phone: leader.phone })
  }
  return out
}
