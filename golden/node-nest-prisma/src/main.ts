import { NestFactory } from '@nestjs/core'
import { PrismaClient } from '@prisma/client'

export const prisma = new PrismaClient()

async function bootstrap() {
  const app = await NestFactory.create(class AppModule {})
  await app.listen(3333)
}
bootstrap()
