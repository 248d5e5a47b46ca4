import enMap from './mapWords/en'
import zhMap from './mapWords/zh'
import en from './words/en'
import zh from './words/zh'

export default { 'zh-CN': { boundaries: { ...zh, map: zhMap } }, en: { boundaries: { ...en, map: enMap } } }
