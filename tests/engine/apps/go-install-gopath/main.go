package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
)

const name = "The corner shop"

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, name) })
	http.HandleFunc("/stock", func(w http.ResponseWriter, r *http.Request) {
		// Where the sources lie, as in the days of GOPATH
		data, err := os.ReadFile(filepath.Join(os.Getenv("GOPATH"), "src/shop/stock/apples.txt"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(data)
	})
	fmt.Println(http.ListenAndServe(":"+port, nil))
}
