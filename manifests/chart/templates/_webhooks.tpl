{{- define "kms-guard.webhook" -}}
admissionReviewVersions: [v1, v1beta1]
sideEffects: None
matchPolicy: Equivalent
timeoutSeconds: {{ .root.Values.webhook.timeoutSeconds }}
clientConfig:
  service:
    name: {{ include "kms-guard.name" .root }}
    namespace: {{ .root.Release.Namespace }}
    path: {{ .path }}
    port: 443
namespaceSelector:
  matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values: {{ toJson .excluded }}
{{- end -}}

{{- /* Whether a container of the object, old or new, runs one of those: by image, name, HOCON root or an env var of the chart.
The API server spends only so much on a condition, and matches() costs ten times startsWith(): it is asked of few texts. */ -}}
{{- define "kms-guard.runs" -}}
[object, oldObject].exists(o, o != null && has(o.spec) && has(o.spec.template) && has(o.spec.template.spec) && has(o.spec.template.spec.containers) && o.spec.template.spec.containers != null && o.spec.template.spec.containers.exists(c, c.name in [{{ .names }}] || (has(c.image) && c.image.matches('(^|/)({{ .images }})(:[^/]*)?(@.*)?$')) || (has(c.env) && c.env.exists(e, {{ range .env }}e.name.startsWith('{{ . }}') || {{ end }}(e.name.startsWith('ADDITIONAL_CONFIG') && (!has(e.value) || e.value.matches('(^|[^a-z-])({{ .roots }})[^a-z-]')))))))
{{- end -}}

{{- define "kms-guard.webhook-annotations" -}}
{{- $annotations := deepCopy .Values.webhook.annotations -}}
{{- if ne .Values.certificates.source "managed" -}}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" .Release.Namespace (include "kms-guard.name" .)) -}}
{{- end -}}
{{- toYaml $annotations -}}
{{- end -}}
