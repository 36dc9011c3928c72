// Command server hands out identifiers.
package main

import (
	"log"
	"net/http"

	"example.com/server/internal/ids"
)

func main() {
	http.HandleFunc("/id", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(ids.Next() + "\n"))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
