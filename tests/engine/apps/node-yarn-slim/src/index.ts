import fs from 'node:fs'
import path from 'node:path'
import express, { Request, Response } from 'express'

const app = express()
const words = JSON.parse(fs.readFileSync(path.join(__dirname, '../data/words.json'), 'utf8')) as string[]

app.get('/', (_req: Request, res: Response) => {
  res.json({ notes: ['buy milk'], words })
})

app.get('/modules', (_req: Request, res: Response) => {
  res.json({ modules: fs.readdirSync(path.join(__dirname, '..')).length > 3 })
})

app.listen(Number(process.env.PORT || 8080), () => console.log('notes are ready'))
