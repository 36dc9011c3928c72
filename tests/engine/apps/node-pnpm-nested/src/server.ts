import fastify from 'fastify'
import { rate } from './worker'

const app = fastify()
app.get('/', async () => ({ rate: rate(), mode: process.env.NODE_ENV }))
app.listen({ port: Number(process.env.PORT || 4000), host: '0.0.0.0' })
