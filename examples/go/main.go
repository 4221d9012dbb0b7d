// An example service: asks an LLM, and answers 503 if that fails. proofload.yaml in this folder is its contract.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"time"
)

var client = &http.Client{Timeout: time.Second}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// complete returns the LLM's answer to a question.
func complete(question string) (string, error) {
	body, err := json.Marshal(map[string]any{"model": "gpt-4o-mini", "messages": []message{{"user", question}}})
	if err != nil {
		return "", err
	}
	request, err := http.NewRequest(http.MethodPost, os.Getenv("LLM_URL")+"/chat/completions", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("LLM_KEY"))
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return "", errors.New(response.Status)
	}
	var completion struct {
		Choices []struct{ Message message }
	}
	if err := json.NewDecoder(response.Body).Decode(&completion); err != nil {
		return "", err
	}
	if len(completion.Choices) == 0 {
		return "", errors.New("no choices")
	}
	return completion.Choices[0].Message.Content, nil
}

func respond(w http.ResponseWriter, status int, content map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(content); err != nil {
		log.Print(err)
	}
}

func ask(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Question string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Question == "" {
		respond(w, http.StatusBadRequest, map[string]any{"error": "the body needs a question"})
		return
	}
	answer, err := complete(asked.Question)
	if err != nil {
		log.Print(err)
		respond(w, http.StatusServiceUnavailable, map[string]any{"error": "the LLM failed"})
		return
	}
	respond(w, http.StatusOK, map[string]any{"answer": answer})
}

func main() {
	http.HandleFunc("POST /ask", ask)
	http.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, http.StatusOK, map[string]any{"ok": true})
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}
