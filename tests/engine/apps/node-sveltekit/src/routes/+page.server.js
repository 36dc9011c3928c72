import dayjs from 'dayjs'

import { notices } from '$lib/notices.js'

export const load = () => ({
  notices: notices.map((one) => ({ ...one, posted: dayjs(one.posted).format('D MMM YYYY') })),
})
