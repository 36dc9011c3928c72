export const getServerSideProps = () => ({ props: { stock: ['coffee', 'tea'] } })

export default function Home({ stock }) {
  return <ul>{stock.map((item) => <li key={item}>{item}</li>)}</ul>
}
