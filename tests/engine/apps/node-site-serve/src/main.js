import dayjs from 'dayjs'

document.querySelector('#app').textContent = `Open since ${dayjs('2019-04-01').format('YYYY')}`
