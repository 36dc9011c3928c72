package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

const title = "Captions for pictures"

// The lyrics lie beside this folder, where the front end finds them too.
func lines() ([]string, error) {
	data, err := os.ReadFile("../lyrics/lyrics.json")
	if err != nil {
		return nil, err
	}
	var found []string
	return found, json.Unmarshal(data, &found)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, title) })
	http.HandleFunc("/caption", func(w http.ResponseWriter, r *http.Request) {
		found, err := lines()
		if err != nil || len(found) == 0 {
			http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, found[0])
	})
	fmt.Println(http.ListenAndServe(":"+port, nil))
}
