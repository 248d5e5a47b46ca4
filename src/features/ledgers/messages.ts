import { en } from './messages.en'
import { zh } from './messages.zh'

export default { 'zh-CN': zh, en }
