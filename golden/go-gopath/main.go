package main

import (
	"html/template"
	"log"
	"net/http"

	"github.com/gorilla/mux"

	"example.com/links/store"
)

func main() {
	page := template.Must(template.ParseFiles("templates/index.html"))
	links := store.New("store")
	router := mux.NewRouter()
	router.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { page.Execute(w, links.All()) })
	log.Fatal(http.ListenAndServe(":8080", router))
}
