package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"
)

// lab is the line that `proofload lab --json` prints.
var lab struct {
	URL     string `json:"url"`
	Control struct {
		URL   string `json:"url"`
		Token string `json:"token"`
	} `json:"control"`
	Error *struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// TestMain starts the service with everything around it for all tests.
func TestMain(m *testing.M) {
	os.Exit(runInLab(m))
}

func runInLab(m *testing.M) int {
	command := exec.Command("npx", "proofload", "lab", "--json")
	command.Stderr = os.Stderr
	// The lab ends when its standard input is closed, also if this process is killed.
	input, err := command.StdinPipe()
	if err != nil {
		panic(err)
	}
	output, err := command.StdoutPipe()
	if err != nil {
		panic(err)
	}
	if err := command.Start(); err != nil {
		panic(err)
	}
	defer command.Wait()
	defer input.Close()
	line, err := bufio.NewReader(output).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &lab)
	}
	if err != nil || lab.Error != nil {
		fmt.Fprintln(os.Stderr, "the lab did not start:", err, lab.Error)
		return 1
	}
	return m.Run()
}

// call calls the control API.
func call(t *testing.T, method, path string, body any) {
	t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, lab.Control.URL+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+lab.Control.Token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %s", method, path, response.Status)
	}
}

// fault breaks the LLM until the end of the test.
func fault(t *testing.T, fields map[string]any) {
	t.Helper()
	call(t, http.MethodPost, "/upstreams/llm/faults", fields)
	t.Cleanup(func() { call(t, http.MethodDelete, "/faults", struct{}{}) })
}

// statusOf returns the status of an answer.
func statusOf(t *testing.T) int {
	t.Helper()
	response, err := http.Post(lab.URL+"/ask", "application/json", bytes.NewBufferString(`{"question": "What?"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	return response.StatusCode
}

func expect(t *testing.T, want int) {
	t.Helper()
	if got := statusOf(t); got != want {
		t.Errorf("status %d, want %d", got, want)
	}
}

func TestAnswers(t *testing.T) {
	expect(t, http.StatusOK)
}

func TestAFailingLlmIs503UntilItWorksAgain(t *testing.T) {
	fault(t, map[string]any{"kind": "status", "status": 500})
	expect(t, http.StatusServiceUnavailable)
	call(t, http.MethodDelete, "/faults", struct{}{})
	expect(t, http.StatusOK)
}

func TestAHangingLlmIs503InTime(t *testing.T) {
	fault(t, map[string]any{"kind": "hang"})
	began := time.Now()
	expect(t, http.StatusServiceUnavailable)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("took %s", took)
	}
}
