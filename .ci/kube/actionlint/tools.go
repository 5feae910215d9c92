// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package tools pins what .ci/kube-assets builds.
package tools

import (
	_ "github.com/rhysd/actionlint/cmd/actionlint"
)
