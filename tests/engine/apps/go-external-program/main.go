// Command hasher names content the way git does, by asking git.
package main

import (
	"log"
	"net/http"
	"os"
	"os/exec"
	"strings"
)

const greeting = "hasher is ready\n"

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(greeting))
	})
	http.HandleFunc("/hash/", func(w http.ResponseWriter, r *http.Request) {
		command := exec.Command("git", "hash-object", "--stdin")
		command.Stdin = strings.NewReader(strings.TrimPrefix(r.URL.Path, "/hash/"))
		answer, err := command.Output()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(answer)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
