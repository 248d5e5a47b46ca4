import en from './words/en'
import zh from './words/zh'

export default { 'zh-CN': { boundaries: zh }, en: { boundaries: en } }
