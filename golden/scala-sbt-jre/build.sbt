name := "tickets"

version := "0.3"

scalaVersion := "2.13.12"

libraryDependencies += "org.http4s" %% "http4s-ember-server" % "0.23.25"
