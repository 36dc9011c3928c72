export const loader = () => ({ orders: [{ id: 1, item: 'coffee' }, { id: 2, item: 'tea' }] })

export default function Home({ loaderData }) {
  return (
    <ul>
      {loaderData.orders.map((order) => (
        <li key={order.id}>{order.item}</li>
      ))}
    </ul>
  )
}
