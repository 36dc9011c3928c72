package main

func guests() []string {
	return []string{"Ada", "Grace", "Edsger"}
}
