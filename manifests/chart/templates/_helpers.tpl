{{- define "kms-guard.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "kms-guard.selector" -}}
app.kubernetes.io/name: kms-guard
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kms-guard.labels" -}}
{{ include "kms-guard.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "kms-guard.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* The Secrets that rules and injections look at, by the names that the policy gives them. */ -}}
{{- define "kms-guard.secrets" -}}
{{- $policy := .Values.policy.secrets | default dict -}}
{{- $governance := dig "governanceKey" "name" "splice-app-sv-cometbft-governance-key" $policy -}}
{{- $gcp := dig "gcp" "name" "gke-credentials" $policy -}}
{{- $aws := dig "aws" "name" "aws-credentials" $policy -}}
{{- concat (list $governance $gcp $aws) .Values.readableSecrets | uniq | toJson -}}
{{- end -}}

{{- define "kms-guard.governanceSecret" -}}
{{- dig "governanceKey" "name" "splice-app-sv-cometbft-governance-key" (.Values.policy.secrets | default dict) -}}
{{- end -}}

{{- define "kms-guard.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "kms-guard.restricted-pod" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- /* With its weight: the account and its rights before the Job. */ -}}
{{- define "kms-guard.unregister-hook" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end -}}

{{- define "kms-guard.runbook" -}}
{{- printf "%s#%s" .root.Values.prometheusRule.runbook (lower .alert) | quote -}}
{{- end -}}

{{- /* How many seconds the policy leaves between two audits; 0 where there are none. */ -}}
{{- define "kms-guard.audit-seconds" -}}
{{- $interval := dig "audit" "interval" "10m" .Values.policy | toString -}}
{{- if has $interval (list "off" "0" "false") -}}
0
{{- else if regexMatch "^([0-9]+h)?([0-9]+m)?([0-9]+s)?$" $interval -}}
{{- $hours := regexFind "[0-9]+h" $interval | trimSuffix "h" | int -}}
{{- $minutes := regexFind "[0-9]+m" $interval | trimSuffix "m" | int -}}
{{- $seconds := regexFind "[0-9]+s" $interval | trimSuffix "s" | int -}}
{{- add (mul 3600 $hours) (mul 60 $minutes) $seconds -}}
{{- else -}}
{{- fail (printf "policy.audit.interval is %s; the alerts of prometheusRule need whole hours, minutes and seconds, such as 1h30m" $interval) -}}
{{- end -}}
{{- end -}}

{{- /* Events that the API server counts. It has no series before the first one, so one that is new at a target that is not counts too. */ -}}
{{- define "kms-guard.api-server-events" -}}
sum by (name) (increase({{ .metric }}{ {{- .matchers -}} }[15m])) > 0
or
sum by (name) (
  ({{ .metric }}{ {{- .matchers -}} } unless {{ .metric }}{ {{- .matchers -}} } offset 15m)
  and on (job, instance) apiserver_current_inflight_requests offset 15m
) > 0
{{- end -}}

{{/* The policy. What the guard has no right to write is not wanted from it. */}}
{{- define "kms-guard.policy" -}}
{{- $policy := deepCopy .Values.policy }}
{{- if not .Values.audit.reports }}{{ $policy = mergeOverwrite $policy (dict "audit" (dict "reports" false)) }}{{ end }}
{{- if not .Values.audit.events }}{{ $policy = mergeOverwrite $policy (dict "audit" (dict "events" false)) }}{{ end }}
{{- toYaml $policy }}
{{- end }}
