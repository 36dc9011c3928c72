object Tickets {
  def main(words: Array[String]): Unit = println(scala.io.Source.fromResource("seats.csv").mkString)
}
