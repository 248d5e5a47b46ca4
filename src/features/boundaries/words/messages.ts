// The editor's words. They come with the editor, not with the first page (src/i18n.ts takes features/*/messages.ts).
import en from './en'
import zh from './zh'

export default { 'zh-CN': { boundaries: zh }, en: { boundaries: en } }
