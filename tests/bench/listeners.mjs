// Many subscribers in a thread of their own, so that what they cost is not counted as the server's.
import { parentPort, workerData } from 'node:worker_threads'
import WebSocket from 'ws'

const { url, count, join } = workerData
let heard = 0
let told = 0
let ready = 0
const sockets = Array.from({ length: count }, () => {
  const socket = new WebSocket(url)
  const begin = () => {
    ready += 1
    if (ready === count) parentPort.postMessage({ ready: true })
  }
  socket.on('open', () => {
    if (join)
      socket.send(
        JSON.stringify(['1', '1', join, 'phx_join', { config: { private: true, presence: { enabled: false } } }]),
      )
    else begin()
  })
  socket.on('message', (_data, binary) => {
    // the answer to the join is text; a broadcast is binary
    if (!binary) return begin()
    heard += 1
    if (heard === told) parentPort.postMessage({ heard })
  })
  return socket
})

parentPort.on('message', (message) => {
  if (message.expect) {
    told = heard + message.expect
  } else {
    for (const socket of sockets) socket.terminate()
    parentPort.close()
  }
})
