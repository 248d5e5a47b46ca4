import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Database } from '../database.ts'
import type { Keys } from '../keys.ts'
import { Connection } from './connection.ts'
import { Hub } from './hub.ts'
import { bearerOfKey } from './token.ts'

const path = '/realtime/v1/websocket'
const mostConnections = 2_000
const mostBytes = 256 * 1024
// As on the platform.
const keptFor = '3 days'

export interface Realtime {
  close(): void
}

/**
 * The small Realtime: private channels with broadcast from the database and presence, spoken as the hosted one speaks
 * it. It hears of messages by NOTIFY, so it says nothing that was not committed.
 */
export async function serveRealtime(server: Server, database: Database, keys: Keys): Promise<Realtime> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytes })
  const hub = new Hub(database)
  const dropAll = () => {
    for (const socket of sockets.clients) socket.close(1012, 'service restart')
  }
  const unlisten = await database.listen('safegrid_realtime', (words) => hub.told(words), dropAll)
  const sweep = setInterval(() => {
    void database
      .query(`delete from realtime.messages where inserted_at < now() - interval '${keptFor}'`)
      .catch(() => undefined)
  }, 3_600_000)
  sweep.unref()

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Whoever asked may be gone at any moment; a reset that nobody listens to would end the process.
    socket.on('error', () => socket.destroy())
    const url = addressOf(request)
    if (!url?.pathname.startsWith('/realtime/')) {
      // in development vite has sockets of its own
      if (server.listenerCount('upgrade') === 1) refuse(socket, 404, 'Not Found')
      return
    }
    const apikey = url.searchParams.get('apikey') ?? ''
    if (url.pathname !== path) return refuse(socket, 404, 'Not Found')
    if (!bearerOfKey(apikey, keys)) return refuse(socket, 401, 'Unauthorized')
    if (url.searchParams.get('vsn') !== '2.0.0') return refuse(socket, 400, 'Bad Request')
    if (sockets.clients.size >= mostConnections) return refuse(socket, 503, 'Service Unavailable')
    sockets.handleUpgrade(request, socket, head, (opened) => new Connection(opened, apikey, keys, hub))
  }
  server.on('upgrade', upgrade)
  return {
    close() {
      server.off('upgrade', upgrade)
      clearInterval(sweep)
      unlisten()
      for (const socket of sockets.clients) socket.close(1001, 'going away')
      sockets.close()
      hub.close()
    },
  }
}

function addressOf(request: IncomingMessage): URL | undefined {
  try {
    return new URL(request.url ?? '/', 'http://localhost')
  } catch {
    return undefined
  }
}

function refuse(socket: Duplex, status: number, words: string): void {
  socket.end(`HTTP/1.1 ${status} ${words}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}
