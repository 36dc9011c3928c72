export const notices = [
  { id: 1, title: 'Lift out of order', posted: '2024-03-01' },
  { id: 2, title: 'Summer party', posted: '2024-06-14' },
]
