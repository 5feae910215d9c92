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
