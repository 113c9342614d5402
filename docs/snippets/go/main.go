// A web app that signs in at the issuer, and an API that trusts it, by github.com/coreos/go-oidc. Run it: go run main.go
package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/coreos/go-oidc" // from version 3 on "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func random() string {
	bytes := make([]byte, 32)
	if _, err := rand.Read(bytes); err != nil {
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(bytes)
}

// What the answer is checked with. In a cookie of its own, which only the way back sees.
func remember(w http.ResponseWriter, name, value string, maxAge int, here string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/signin-oidc", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(here, "https:")})
}

func recall(r *http.Request, name string) string {
	if cookie, err := r.Cookie(name); err == nil {
		return cookie.Value
	}
	return ""
}

func main() {
	here := setting("HERE", "http://localhost:"+setting("PORT", "8600"))
	// With the slash at its end, as the issuer writes it: go-oidc compares letter by letter.
	provider, err := oidc.NewProvider(context.Background(), setting("ISSUER", "http://localhost:8400/"))
	if err != nil {
		log.Fatal(err)
	}
	app := oauth2.Config{
		ClientID:     "snippet",
		ClientSecret: setting("SECRET", "snippet-demo-secret"),
		RedirectURL:  here + "/signin-oidc",
		Endpoint:     provider.Endpoint(),
		Scopes:       []string{oidc.ScopeOpenID, "profile"},
	}
	identity := provider.Verifier(&oidc.Config{ClientID: app.ClientID, SupportedSigningAlgs: []string{oidc.RS256}})
	access := provider.Verifier(&oidc.Config{ClientID: setting("AUDIENCE", "http://localhost:8410"), SupportedSigningAlgs: []string{oidc.ES256}})

	// The web app. A session of its own would follow the sign-in; here it ends with the answer.
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		state, nonce, verifier := random(), random(), random()
		remember(w, "state", state, 900, here)
		remember(w, "nonce", nonce, 900, here)
		remember(w, "verifier", verifier, 900, here)
		challenge := sha256.Sum256([]byte(verifier))
		http.Redirect(w, r, app.AuthCodeURL(state, oidc.Nonce(nonce),
			oauth2.SetAuthURLParam("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:])),
			oauth2.SetAuthURLParam("code_challenge_method", "S256")), http.StatusFound)
	})
	http.HandleFunc("/signin-oidc", func(w http.ResponseWriter, r *http.Request) {
		state, nonce, verifier := recall(r, "state"), recall(r, "nonce"), recall(r, "verifier")
		for _, name := range []string{"state", "nonce", "verifier"} {
			remember(w, name, "", -1, here)
		}
		answer := r.URL.Query()
		if state == "" || answer.Get("state") != state {
			http.Error(w, "This sign-in was not begun here.", http.StatusBadRequest)
			return
		}
		if code := answer.Get("error"); code != "" {
			http.Error(w, "You are not signed in: "+url.QueryEscape(code), http.StatusForbidden)
			return
		}
		tokens, err := app.Exchange(r.Context(), answer.Get("code"), oauth2.SetAuthURLParam("code_verifier", verifier))
		if err != nil {
			http.Error(w, "The issuer refused the code.", http.StatusBadGateway)
			return
		}
		raw, _ := tokens.Extra("id_token").(string)
		token, err := identity.Verify(r.Context(), raw) // signature, iss, aud, exp; not the nonce
		var claims struct{ Name string }
		if err != nil || token.Nonce != nonce || token.Claims(&claims) != nil {
			http.Error(w, "The ID token is not as it should be.", http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "Hello %s", claims.Name)
	})

	// The API.
	http.HandleFunc("/notes", func(w http.ResponseWriter, r *http.Request) {
		refuse := func(status int, challenge string) {
			w.Header().Set("WWW-Authenticate", challenge)
			w.WriteHeader(status)
		}
		header := strings.Fields(r.Header.Get("Authorization"))
		if len(header) != 2 || !strings.EqualFold(header[0], "Bearer") {
			refuse(http.StatusUnauthorized, "Bearer")
			return
		}
		token, err := access.Verify(r.Context(), header[1]) // an ID token has another aud and is signed with RS256
		if err != nil {
			refuse(http.StatusUnauthorized, `Bearer error="invalid_token"`)
			return
		}
		var claims struct{ Scope string }
		if token.Claims(&claims) != nil || !contains(strings.Fields(claims.Scope), "notes.read") {
			refuse(http.StatusForbidden, `Bearer error="insufficient_scope", scope="notes.read"`)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"subject":%q}`, token.Subject)
	})
	log.Fatal(http.ListenAndServe("localhost:"+setting("PORT", "8600"), nil))
}

func contains(all []string, one string) bool {
	for _, each := range all {
		if each == one {
			return true
		}
	}
	return false
}
