// Generated from the migrations by: sh scripts/shape.sh <superuser url> --types

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "accidents": {
                  Row: {
                    "code": string,"created_at": string,"deaths": number,"enterprise_id": string | null,"grade": number | null,"grid_id": number | null,"id": string,"kind": string,"location": unknown,"loss": number,"minor_injuries": number,"occurred_at": string,"row_version": number,"sector_id": number | null,"serious_injuries": number,"summary": string | null,"title": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"created_at"?: string,"deaths"?: number,"enterprise_id"?: string | null,"grade"?: never,"grid_id"?: number | null,"id"?: string,"kind": string,"location": unknown,"loss"?: number,"minor_injuries"?: number,"occurred_at": string,"row_version"?: number,"sector_id"?: number | null,"serious_injuries"?: number,"summary"?: string | null,"title": string,"updated_at"?: string
                  }
                  Update: {
                    "code"?: string,"created_at"?: string,"deaths"?: number,"enterprise_id"?: string | null,"grade"?: never,"grid_id"?: number | null,"id"?: string,"kind"?: string,"location"?: unknown,"loss"?: number,"minor_injuries"?: number,"occurred_at"?: string,"row_version"?: number,"sector_id"?: number | null,"serious_injuries"?: number,"summary"?: string | null,"title"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "accidents_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "accidents_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "accidents_sector_id_fkey"
      columns: ["sector_id"]
isOneToOne: false
      referencedRelation: "sectors"
      referencedColumns: ["id"]
    }
                  ]
                },"admins": {
                  Row: {
                    "user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "user_id": string
                  }
                  Update: {
                    "user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "admins_user_id_fkey"
      columns: ["user_id"]
isOneToOne: true
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"appointments": {
                  Row: {
                    "changed_by": string | null,"effective_at": string,"event": string,"grid_id": number,"grid_name": string,"id": number,"person_name": string,"position": string,"recorded_at": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "changed_by"?: string | null,"effective_at": string,"event": string,"grid_id": number,"grid_name": string,"id"?: never,"person_name": string,"position": string,"recorded_at"?: string,"user_id": string
                  }
                  Update: {
                    "changed_by"?: string | null,"effective_at"?: string,"event"?: string,"grid_id"?: number,"grid_name"?: string,"id"?: never,"person_name"?: string,"position"?: string,"recorded_at"?: string,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"campaigns": {
                  Row: {
                    "created_at": string,"created_by": string | null,"description": string | null,"ends": string,"grid_id": number,"id": number,"name": string,"row_version": number,"sector_ids": (number)[],"starts": string,"updated_at": string,"updated_by": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string | null,"ends": string,"grid_id": number,"id"?: never,"name": string,"row_version"?: number,"sector_ids"?: (number)[],"starts": string,"updated_at"?: string,"updated_by"?: string | null
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"description"?: string | null,"ends"?: string,"grid_id"?: number,"id"?: never,"name"?: string,"row_version"?: number,"sector_ids"?: (number)[],"starts"?: string,"updated_at"?: string,"updated_by"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "campaigns_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "campaigns_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "campaigns_updated_by_fkey"
      columns: ["updated_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"change_log": {
                  Row: {
                    "at": string,"enterprise_id": string | null,"entity": string,"grid_id": number | null,"id": number,"moved": boolean,"old_enterprise_id": string | null,"old_path": unknown,"old_sector_id": number | null,"op": string,"path": unknown,"row_id": string,"row_version": number | null,"sector_id": number | null,"xid": unknown
                  }
                  ComputedFields: never
                  Insert: {
                    "at"?: string,"enterprise_id"?: string | null,"entity": string,"grid_id"?: number | null,"id"?: never,"moved"?: boolean,"old_enterprise_id"?: string | null,"old_path"?: unknown,"old_sector_id"?: number | null,"op": string,"path"?: unknown,"row_id": string,"row_version"?: number | null,"sector_id"?: number | null,"xid"?: unknown
                  }
                  Update: {
                    "at"?: string,"enterprise_id"?: string | null,"entity"?: string,"grid_id"?: number | null,"id"?: never,"moved"?: boolean,"old_enterprise_id"?: string | null,"old_path"?: unknown,"old_sector_id"?: number | null,"op"?: string,"path"?: unknown,"row_id"?: string,"row_version"?: number | null,"sector_id"?: number | null,"xid"?: unknown
                  }
                  Relationships: [
                    
                  ]
                },"checklist_items": {
                  Row: {
                    "checklist_id": string,"code": string,"done": boolean,"name": string,"note": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "checklist_id": string,"code": string,"done": boolean,"name": string,"note"?: string | null
                  }
                  Update: {
                    "checklist_id"?: string,"code"?: string,"done"?: boolean,"name"?: string,"note"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "checklist_items_checklist_id_fkey"
      columns: ["checklist_id"]
isOneToOne: false
      referencedRelation: "checklists"
      referencedColumns: ["id"]
    }
                  ]
                },"checklists": {
                  Row: {
                    "checked_at": string,"checked_by": string | null,"created_at": string,"enterprise_id": string | null,"grid_id": number | null,"id": string,"kind": string
                  }
                  ComputedFields: never
                  Insert: {
                    "checked_at"?: string,"checked_by"?: string | null,"created_at"?: string,"enterprise_id"?: string | null,"grid_id"?: number | null,"id"?: string,"kind": string
                  }
                  Update: {
                    "checked_at"?: string,"checked_by"?: string | null,"created_at"?: string,"enterprise_id"?: string | null,"grid_id"?: number | null,"id"?: string,"kind"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "checklists_checked_by_fkey"
      columns: ["checked_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "checklists_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "checklists_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    }
                  ]
                },"department_officers": {
                  Row: {
                    "department_id": number,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "department_id": number,"user_id": string
                  }
                  Update: {
                    "department_id"?: number,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "department_officers_department_id_fkey"
      columns: ["department_id"]
isOneToOne: false
      referencedRelation: "departments"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "department_officers_user_id_fkey"
      columns: ["user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"departments": {
                  Row: {
                    "code": string,"grid_id": number,"id": number,"name": string
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"grid_id": number,"id"?: never,"name": string
                  }
                  Update: {
                    "code"?: string,"grid_id"?: number,"id"?: never,"name"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "departments_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    }
                  ]
                },"duty_rules": {
                  Row: {
                    "code": string,"grid_kind": string,"grid_level": number | null,"id": number,"kind": string,"name": string,"per": string,"positions": (string)[] | null,"since": string,"times": number,"until": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"grid_kind"?: string,"grid_level"?: number | null,"id"?: never,"kind": string,"name": string,"per": string,"positions"?: (string)[] | null,"since"?: string,"times": number,"until"?: string | null
                  }
                  Update: {
                    "code"?: string,"grid_kind"?: string,"grid_level"?: number | null,"id"?: never,"kind"?: string,"name"?: string,"per"?: string,"positions"?: (string)[] | null,"since"?: string,"times"?: number,"until"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"enterprise_changes": {
                  Row: {
                    "at": string,"changed_by": string | null,"enterprise_id": string,"fields": NonNullable<Json>,"id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "at"?: string,"changed_by"?: string | null,"enterprise_id": string,"fields": NonNullable<Json>,"id"?: never
                  }
                  Update: {
                    "at"?: string,"changed_by"?: string | null,"enterprise_id"?: string,"fields"?: NonNullable<Json>,"id"?: never
                  }
                  Relationships: [
                    
                  ]
                },"enterprise_confirmations": {
                  Row: {
                    "confirmed_at": string,"confirmed_by": string | null,"corrected": NonNullable<Json>,"enterprise_id": string,"id": number,"last_change": number
                  }
                  ComputedFields: never
                  Insert: {
                    "confirmed_at"?: string,"confirmed_by"?: string | null,"corrected"?: NonNullable<Json>,"enterprise_id": string,"id"?: never,"last_change"?: number
                  }
                  Update: {
                    "confirmed_at"?: string,"confirmed_by"?: string | null,"corrected"?: NonNullable<Json>,"enterprise_id"?: string,"id"?: never,"last_change"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "enterprise_confirmations_confirmed_by_fkey"
      columns: ["confirmed_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "enterprise_confirmations_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    }
                  ]
                },"enterprise_levels": {
                  Row: {
                    "at": string,"changed_by": string | null,"enterprise_id": string,"from_level": number | null,"id": number,"note": string | null,"reason": string,"to_level": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "at"?: string,"changed_by"?: string | null,"enterprise_id": string,"from_level"?: number | null,"id"?: never,"note"?: string | null,"reason": string,"to_level"?: number | null
                  }
                  Update: {
                    "at"?: string,"changed_by"?: string | null,"enterprise_id"?: string,"from_level"?: number | null,"id"?: never,"note"?: string | null,"reason"?: string,"to_level"?: number | null
                  }
                  Relationships: [
                    
                  ]
                },"enterprise_users": {
                  Row: {
                    "enterprise_id": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "enterprise_id": string,"user_id": string
                  }
                  Update: {
                    "enterprise_id"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "enterprise_users_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "enterprise_users_user_id_fkey"
      columns: ["user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"enterprises": {
                  Row: {
                    "address": string | null,"code": string,"created_at": string,"declared_grade": number | null,"declared_level": number | null,"employees": number | null,"grade_by": string,"grid_id": number | null,"id": string,"initials": string | null,"legal_rep": string | null,"level_by": string,"licence_expiry": string | null,"location": unknown,"major_hazard_source_grade": number | null,"name": string,"phone": string | null,"risk_level": number | null,"row_version": number,"safety_lead": string | null,"safety_phone": string | null,"scale": string,"sector_id": number,"status": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "address"?: string | null,"code": string,"created_at"?: string,"declared_grade"?: number | null,"declared_level"?: number | null,"employees"?: number | null,"grade_by"?: string,"grid_id"?: number | null,"id"?: string,"initials"?: never,"legal_rep"?: string | null,"level_by"?: string,"licence_expiry"?: string | null,"location": unknown,"major_hazard_source_grade"?: number | null,"name": string,"phone"?: string | null,"risk_level"?: number | null,"row_version"?: number,"safety_lead"?: string | null,"safety_phone"?: string | null,"scale"?: string,"sector_id": number,"status"?: string,"updated_at"?: string
                  }
                  Update: {
                    "address"?: string | null,"code"?: string,"created_at"?: string,"declared_grade"?: number | null,"declared_level"?: number | null,"employees"?: number | null,"grade_by"?: string,"grid_id"?: number | null,"id"?: string,"initials"?: never,"legal_rep"?: string | null,"level_by"?: string,"licence_expiry"?: string | null,"location"?: unknown,"major_hazard_source_grade"?: number | null,"name"?: string,"phone"?: string | null,"risk_level"?: number | null,"row_version"?: number,"safety_lead"?: string | null,"safety_phone"?: string | null,"scale"?: string,"sector_id"?: number,"status"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "enterprises_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "enterprises_sector_id_fkey"
      columns: ["sector_id"]
isOneToOne: false
      referencedRelation: "sectors"
      referencedColumns: ["id"]
    }
                  ]
                },"grid_versions": {
                  Row: {
                    "boundary": unknown,"changed_by": string | null,"code": string,"grid_id": number,"kind": string,"name": string,"note": string | null,"parent_id": number | null,"request_id": string | null,"retired": boolean,"valid_from": string,"valid_to": string | null,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "boundary"?: unknown,"changed_by"?: string | null,"code": string,"grid_id": number,"kind": string,"name": string,"note"?: string | null,"parent_id"?: number | null,"request_id"?: string | null,"retired"?: boolean,"valid_from"?: string,"valid_to"?: string | null,"version": number
                  }
                  Update: {
                    "boundary"?: unknown,"changed_by"?: string | null,"code"?: string,"grid_id"?: number,"kind"?: string,"name"?: string,"note"?: string | null,"parent_id"?: number | null,"request_id"?: string | null,"retired"?: boolean,"valid_from"?: string,"valid_to"?: string | null,"version"?: number
                  }
                  Relationships: [
                    
                  ]
                },"grids": {
                  Row: {
                    "area_m2": number | null,"boundary": unknown,"center": unknown,"code": string,"created_at": string,"feature": Json | null,"id": number,"initials": string | null,"kind": string,"leaders": string | null,"level": number,"name": string,"parent_id": number | null,"path": unknown,"population": number | null,"retired_at": string | null,"updated_at": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "area_m2"?: number | null,"boundary"?: unknown,"center"?: unknown,"code": string,"created_at"?: string,"feature"?: never,"id"?: never,"initials"?: never,"kind"?: string,"leaders"?: string | null,"level"?: number,"name": string,"parent_id"?: number | null,"path": unknown,"population"?: number | null,"retired_at"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Update: {
                    "area_m2"?: number | null,"boundary"?: unknown,"center"?: unknown,"code"?: string,"created_at"?: string,"feature"?: never,"id"?: never,"initials"?: never,"kind"?: string,"leaders"?: string | null,"level"?: number,"name"?: string,"parent_id"?: number | null,"path"?: unknown,"population"?: number | null,"retired_at"?: string | null,"updated_at"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "grids_parent_id_fkey"
      columns: ["parent_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    }
                  ]
                },"hazard_acknowledgements": {
                  Row: {
                    "at": string,"counts": boolean,"hazard_id": string,"origin": string,"person_name": string | null,"role": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "at": string,"counts": boolean,"hazard_id": string,"origin": string,"person_name"?: string | null,"role": string,"user_id": string
                  }
                  Update: {
                    "at"?: string,"counts"?: boolean,"hazard_id"?: string,"origin"?: string,"person_name"?: string | null,"role"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "hazard_acknowledgements_hazard_id_fkey"
      columns: ["hazard_id"]
isOneToOne: false
      referencedRelation: "hazards"
      referencedColumns: ["id"]
    }
                  ]
                },"hazard_alarms": {
                  Row: {
                    "acknowledged_at": string | null,"acknowledged_by": string | null,"acknowledged_name": string | null,"acknowledged_role": string | null,"due_at": string,"escalated_at": string | null,"escalated_to": number | null,"hazard_id": string,"raised_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "acknowledged_at"?: string | null,"acknowledged_by"?: string | null,"acknowledged_name"?: string | null,"acknowledged_role"?: string | null,"due_at": string,"escalated_at"?: string | null,"escalated_to"?: number | null,"hazard_id": string,"raised_at": string
                  }
                  Update: {
                    "acknowledged_at"?: string | null,"acknowledged_by"?: string | null,"acknowledged_name"?: string | null,"acknowledged_role"?: string | null,"due_at"?: string,"escalated_at"?: string | null,"escalated_to"?: number | null,"hazard_id"?: string,"raised_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "hazard_alarms_escalated_to_fkey"
      columns: ["escalated_to"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazard_alarms_hazard_id_fkey"
      columns: ["hazard_id"]
isOneToOne: true
      referencedRelation: "hazards"
      referencedColumns: ["id"]
    }
                  ]
                },"hazard_categories": {
                  Row: {
                    "alike": boolean,"code": string,"id": number,"name": string,"retired_at": string | null,"sort": number
                  }
                  ComputedFields: never
                  Insert: {
                    "alike"?: boolean,"code": string,"id"?: never,"name": string,"retired_at"?: string | null,"sort"?: number
                  }
                  Update: {
                    "alike"?: boolean,"code"?: string,"id"?: never,"name"?: string,"retired_at"?: string | null,"sort"?: number
                  }
                  Relationships: [
                    
                  ]
                },"hazard_events": {
                  Row: {
                    "action": string,"actor": string | null,"actor_name": string | null,"actor_role": string | null,"at": string,"changes": NonNullable<Json>,"from_state": string | null,"grid_id": number | null,"grid_name": string | null,"hash": string,"hazard_id": string,"id": string,"lat": number | null,"lon": number | null,"note": string | null,"photos": NonNullable<Json>,"prev_hash": string,"seq": number,"to_state": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"actor"?: string | null,"actor_name"?: string | null,"actor_role"?: string | null,"at": string,"changes"?: NonNullable<Json>,"from_state"?: string | null,"grid_id"?: number | null,"grid_name"?: string | null,"hash": string,"hazard_id": string,"id"?: string,"lat"?: number | null,"lon"?: number | null,"note"?: string | null,"photos"?: NonNullable<Json>,"prev_hash": string,"seq": number,"to_state": string,"version": number
                  }
                  Update: {
                    "action"?: string,"actor"?: string | null,"actor_name"?: string | null,"actor_role"?: string | null,"at"?: string,"changes"?: NonNullable<Json>,"from_state"?: string | null,"grid_id"?: number | null,"grid_name"?: string | null,"hash"?: string,"hazard_id"?: string,"id"?: string,"lat"?: number | null,"lon"?: number | null,"note"?: string | null,"photos"?: NonNullable<Json>,"prev_hash"?: string,"seq"?: number,"to_state"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "hazard_events_hazard_id_fkey"
      columns: ["hazard_id"]
isOneToOne: false
      referencedRelation: "hazards"
      referencedColumns: ["id"]
    }
                  ]
                },"hazard_terms": {
                  Row: {
                    "days": number,"severity": string,"step": string,"unit": string
                  }
                  ComputedFields: never
                  Insert: {
                    "days": number,"severity": string,"step": string,"unit": string
                  }
                  Update: {
                    "days"?: number,"severity"?: string,"step"?: string,"unit"?: string
                  }
                  Relationships: [
                    
                  ]
                },"hazards": {
                  Row: {
                    "assigned_at": string | null,"assigned_by": string | null,"assigned_to": string | null,"assurance_deadline": string | null,"assurance_funds": number | null,"assurance_measures": string | null,"assurance_person": string | null,"assurance_plan": string | null,"category_id": number | null,"client_id": string | null,"closed_at": string | null,"code": string,"created_at": string,"delisted_at": string | null,"description": string | null,"due_at": string | null,"enterprise_id": string | null,"escalated_to": number | null,"extension_asked_at": string | null,"extension_asked_by": string | null,"extension_until": string | null,"found_at": string,"funds_spent": number | null,"grid_id": number | null,"id": string,"listed_at": string | null,"listed_level": string | null,"location": unknown,"photos": NonNullable<Json>,"published_at": string | null,"rectifier": string | null,"reported_by": string | null,"reviewer": string | null,"row_version": number,"sector_id": number | null,"severity": string,"source": string,"state": string,"submitted_at": string | null,"title": string,"updated_at": string,"verified_at": string | null,"verified_by": string | null,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "assigned_at"?: string | null,"assigned_by"?: string | null,"assigned_to"?: string | null,"assurance_deadline"?: string | null,"assurance_funds"?: number | null,"assurance_measures"?: string | null,"assurance_person"?: string | null,"assurance_plan"?: string | null,"category_id"?: number | null,"client_id"?: string | null,"closed_at"?: string | null,"code": string,"created_at"?: string,"delisted_at"?: string | null,"description"?: string | null,"due_at"?: string | null,"enterprise_id"?: string | null,"escalated_to"?: number | null,"extension_asked_at"?: string | null,"extension_asked_by"?: string | null,"extension_until"?: string | null,"found_at"?: string,"funds_spent"?: number | null,"grid_id"?: number | null,"id"?: string,"listed_at"?: string | null,"listed_level"?: string | null,"location": unknown,"photos"?: NonNullable<Json>,"published_at"?: string | null,"rectifier"?: string | null,"reported_by"?: string | null,"reviewer"?: string | null,"row_version"?: number,"sector_id"?: number | null,"severity"?: string,"source"?: string,"state"?: string,"submitted_at"?: string | null,"title": string,"updated_at"?: string,"verified_at"?: string | null,"verified_by"?: string | null,"version"?: number
                  }
                  Update: {
                    "assigned_at"?: string | null,"assigned_by"?: string | null,"assigned_to"?: string | null,"assurance_deadline"?: string | null,"assurance_funds"?: number | null,"assurance_measures"?: string | null,"assurance_person"?: string | null,"assurance_plan"?: string | null,"category_id"?: number | null,"client_id"?: string | null,"closed_at"?: string | null,"code"?: string,"created_at"?: string,"delisted_at"?: string | null,"description"?: string | null,"due_at"?: string | null,"enterprise_id"?: string | null,"escalated_to"?: number | null,"extension_asked_at"?: string | null,"extension_asked_by"?: string | null,"extension_until"?: string | null,"found_at"?: string,"funds_spent"?: number | null,"grid_id"?: number | null,"id"?: string,"listed_at"?: string | null,"listed_level"?: string | null,"location"?: unknown,"photos"?: NonNullable<Json>,"published_at"?: string | null,"rectifier"?: string | null,"reported_by"?: string | null,"reviewer"?: string | null,"row_version"?: number,"sector_id"?: number | null,"severity"?: string,"source"?: string,"state"?: string,"submitted_at"?: string | null,"title"?: string,"updated_at"?: string,"verified_at"?: string | null,"verified_by"?: string | null,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "hazards_assigned_by_fkey"
      columns: ["assigned_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_assigned_to_fkey"
      columns: ["assigned_to"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_category_id_fkey"
      columns: ["category_id"]
isOneToOne: false
      referencedRelation: "hazard_categories"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_escalated_to_fkey"
      columns: ["escalated_to"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_extension_asked_by_fkey"
      columns: ["extension_asked_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_rectifier_fkey"
      columns: ["rectifier"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_reported_by_fkey"
      columns: ["reported_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_reviewer_fkey"
      columns: ["reviewer"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_sector_id_fkey"
      columns: ["sector_id"]
isOneToOne: false
      referencedRelation: "sectors"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "hazards_verified_by_fkey"
      columns: ["verified_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"ledger_settings": {
                  Row: {
                    "kind": string,"layout": NonNullable<Json>,"updated_at": string,"user_id": string,"view_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "kind": string,"layout"?: NonNullable<Json>,"updated_at"?: string,"user_id": string,"view_id"?: string | null
                  }
                  Update: {
                    "kind"?: string,"layout"?: NonNullable<Json>,"updated_at"?: string,"user_id"?: string,"view_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "ledger_settings_user_id_fkey"
      columns: ["user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "ledger_settings_view_id_fkey"
      columns: ["view_id"]
isOneToOne: false
      referencedRelation: "saved_views"
      referencedColumns: ["id"]
    }
                  ]
                },"licences": {
                  Row: {
                    "created_at": string,"enterprise_id": string,"expires_on": string | null,"id": string,"issued_on": string | null,"issuer": string | null,"kind": string,"number": string | null,"row_version": number,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"enterprise_id": string,"expires_on"?: string | null,"id"?: string,"issued_on"?: string | null,"issuer"?: string | null,"kind": string,"number"?: string | null,"row_version"?: number,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"enterprise_id"?: string,"expires_on"?: string | null,"id"?: string,"issued_on"?: string | null,"issuer"?: string | null,"kind"?: string,"number"?: string | null,"row_version"?: number,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "licences_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    }
                  ]
                },"major_hazard_assessments": {
                  Row: {
                    "alpha": number | null,"at": string,"cause": string,"changed_by": string | null,"enterprise_id": string,"from_grade": number | null,"grade": number | null,"id": number,"people": number | null,"r": number | null,"ratio": number | null,"rule_id": number | null,"source_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "alpha"?: number | null,"at"?: string,"cause": string,"changed_by"?: string | null,"enterprise_id": string,"from_grade"?: number | null,"grade"?: number | null,"id"?: never,"people"?: number | null,"r"?: number | null,"ratio"?: number | null,"rule_id"?: number | null,"source_id": string
                  }
                  Update: {
                    "alpha"?: number | null,"at"?: string,"cause"?: string,"changed_by"?: string | null,"enterprise_id"?: string,"from_grade"?: number | null,"grade"?: number | null,"id"?: never,"people"?: number | null,"r"?: number | null,"ratio"?: number | null,"rule_id"?: number | null,"source_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"major_hazard_sources": {
                  Row: {
                    "alpha": number | null,"assessed_at": string | null,"created_at": string,"enterprise_id": string,"grade": number | null,"id": string,"location": unknown,"name": string,"people": number | null,"people_unknown": number | null,"r": number | null,"ratio": number | null,"row_version": number,"updated_at": string,"weighted": number | null
                  }
                  ComputedFields: never
                  Insert: {
                    "alpha"?: number | null,"assessed_at"?: string | null,"created_at"?: string,"enterprise_id": string,"grade"?: number | null,"id"?: string,"location"?: unknown,"name": string,"people"?: number | null,"people_unknown"?: number | null,"r"?: number | null,"ratio"?: number | null,"row_version"?: number,"updated_at"?: string,"weighted"?: number | null
                  }
                  Update: {
                    "alpha"?: number | null,"assessed_at"?: string | null,"created_at"?: string,"enterprise_id"?: string,"grade"?: number | null,"id"?: string,"location"?: unknown,"name"?: string,"people"?: number | null,"people_unknown"?: number | null,"r"?: number | null,"ratio"?: number | null,"row_version"?: number,"updated_at"?: string,"weighted"?: number | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "major_hazard_sources_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    }
                  ]
                },"major_hazard_substances": {
                  Row: {
                    "beta": number,"name": string,"no": number,"quantity": number,"source_id": string,"threshold": number
                  }
                  ComputedFields: never
                  Insert: {
                    "beta"?: number,"name": string,"no": number,"quantity": number,"source_id": string,"threshold": number
                  }
                  Update: {
                    "beta"?: number,"name"?: string,"no"?: number,"quantity"?: number,"source_id"?: string,"threshold"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "major_hazard_substances_source_id_fkey"
      columns: ["source_id"]
isOneToOne: false
      referencedRelation: "major_hazard_sources"
      referencedColumns: ["id"]
    }
                  ]
                },"memberships": {
                  Row: {
                    "grid_id": number,"id": number,"position": string,"since": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "grid_id": number,"id"?: never,"position": string,"since"?: string,"user_id": string
                  }
                  Update: {
                    "grid_id"?: number,"id"?: never,"position"?: string,"since"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "memberships_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "memberships_user_id_fkey"
      columns: ["user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"patrol_items": {
                  Row: {
                    "enterprise_id": string | null,"hazard_id": string | null,"no": number,"note": string | null,"patrol_id": string,"place": string | null,"result": string
                  }
                  ComputedFields: never
                  Insert: {
                    "enterprise_id"?: string | null,"hazard_id"?: string | null,"no": number,"note"?: string | null,"patrol_id": string,"place"?: string | null,"result": string
                  }
                  Update: {
                    "enterprise_id"?: string | null,"hazard_id"?: string | null,"no"?: number,"note"?: string | null,"patrol_id"?: string,"place"?: string | null,"result"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "patrol_items_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "patrol_items_hazard_id_fkey"
      columns: ["hazard_id"]
isOneToOne: false
      referencedRelation: "hazards"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "patrol_items_patrol_id_fkey"
      columns: ["patrol_id"]
isOneToOne: false
      referencedRelation: "patrols"
      referencedColumns: ["id"]
    }
                  ]
                },"patrols": {
                  Row: {
                    "created_at": string,"day": string | null,"ended_at": string | null,"grid_id": number,"id": string,"kind": string,"note": string | null,"row_version": number,"started_at": string,"updated_at": string,"user_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"day"?: never,"ended_at"?: string | null,"grid_id": number,"id"?: string,"kind"?: string,"note"?: string | null,"row_version"?: number,"started_at": string,"updated_at"?: string,"user_id"?: string | null
                  }
                  Update: {
                    "created_at"?: string,"day"?: never,"ended_at"?: string | null,"grid_id"?: number,"id"?: string,"kind"?: string,"note"?: string | null,"row_version"?: number,"started_at"?: string,"updated_at"?: string,"user_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "patrols_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "patrols_user_id_fkey"
      columns: ["user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"prevention_rules": {
                  Row: {
                    "alpha": (number)[],"alpha_people": (number)[],"created_at": string,"created_by": string | null,"id": number,"lec": (number)[],"ls": (number)[],"note": string | null,"radius_m": number,"source_floor": (number)[],"source_grades": (number)[]
                  }
                  ComputedFields: never
                  Insert: {
                    "alpha"?: (number)[],"alpha_people"?: (number)[],"created_at"?: string,"created_by"?: string | null,"id"?: never,"lec"?: (number)[],"ls"?: (number)[],"note"?: string | null,"radius_m"?: number,"source_floor"?: (number)[],"source_grades"?: (number)[]
                  }
                  Update: {
                    "alpha"?: (number)[],"alpha_people"?: (number)[],"created_at"?: string,"created_by"?: string | null,"id"?: never,"lec"?: (number)[],"ls"?: (number)[],"note"?: string | null,"radius_m"?: number,"source_floor"?: (number)[],"source_grades"?: (number)[]
                  }
                  Relationships: [
                    {
      foreignKeyName: "prevention_rules_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"profiles": {
                  Row: {
                    "created_at": string,"id": string,"initials": string | null,"name": string,"phone": string | null,"photo_path": string | null,"title": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"id"?: string,"initials"?: never,"name": string,"phone"?: string | null,"photo_path"?: string | null,"title"?: string | null
                  }
                  Update: {
                    "created_at"?: string,"id"?: string,"initials"?: never,"name"?: string,"phone"?: string | null,"photo_path"?: string | null,"title"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"risk_daily": {
                  Row: {
                    "counts": NonNullable<Json>,"grid_id": number,"id": number,"index": number,"level": number,"points": number,"rule_id": number,"sector_id": number | null,"since": string,"until": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "counts": NonNullable<Json>,"grid_id": number,"id"?: never,"index": number,"level": number,"points": number,"rule_id": number,"sector_id"?: number | null,"since": string,"until"?: string | null
                  }
                  Update: {
                    "counts"?: NonNullable<Json>,"grid_id"?: number,"id"?: never,"index"?: number,"level"?: number,"points"?: number,"rule_id"?: number,"sector_id"?: number | null,"since"?: string,"until"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"risk_measures": {
                  Row: {
                    "category": string,"content": string,"id": string,"no": number,"person": string | null,"phone": string | null,"post": string | null,"risk_point_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "category": string,"content": string,"id"?: string,"no": number,"person"?: string | null,"phone"?: string | null,"post"?: string | null,"risk_point_id": string
                  }
                  Update: {
                    "category"?: string,"content"?: string,"id"?: string,"no"?: number,"person"?: string | null,"phone"?: string | null,"post"?: string | null,"risk_point_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "risk_measures_risk_point_id_fkey"
      columns: ["risk_point_id"]
isOneToOne: false
      referencedRelation: "risk_points"
      referencedColumns: ["id"]
    }
                  ]
                },"risk_points": {
                  Row: {
                    "accident_kinds": string | null,"c": number | null,"control": string,"created_at": string,"e": number | null,"enterprise_id": string,"grid_id": number | null,"id": string,"l": number,"level": number,"location": unknown,"method": string,"name": string,"responsible": string | null,"responsible_phone": string | null,"responsible_post": string | null,"row_version": number,"s": number | null,"score": number | null,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "accident_kinds"?: string | null,"c"?: number | null,"control"?: string,"created_at"?: string,"e"?: number | null,"enterprise_id": string,"grid_id"?: number | null,"id"?: string,"l": number,"level": number,"location"?: unknown,"method": string,"name": string,"responsible"?: string | null,"responsible_phone"?: string | null,"responsible_post"?: string | null,"row_version"?: number,"s"?: number | null,"score"?: never,"updated_at"?: string
                  }
                  Update: {
                    "accident_kinds"?: string | null,"c"?: number | null,"control"?: string,"created_at"?: string,"e"?: number | null,"enterprise_id"?: string,"grid_id"?: number | null,"id"?: string,"l"?: number,"level"?: number,"location"?: unknown,"method"?: string,"name"?: string,"responsible"?: string | null,"responsible_phone"?: string | null,"responsible_post"?: string | null,"row_version"?: number,"s"?: number | null,"score"?: never,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "risk_points_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "risk_points_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    }
                  ]
                },"risk_rules": {
                  Row: {
                    "created_at": string,"created_by": string | null,"effective_from": string,"id": number,"note": string | null,"scales": NonNullable<Json>,"thresholds": NonNullable<Json>,"weights": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"effective_from": string,"id"?: never,"note"?: string | null,"scales": NonNullable<Json>,"thresholds"?: NonNullable<Json>,"weights": NonNullable<Json>
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"effective_from"?: string,"id"?: never,"note"?: string | null,"scales"?: NonNullable<Json>,"thresholds"?: NonNullable<Json>,"weights"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "risk_rules_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"saved_views": {
                  Row: {
                    "created_at": string,"grid_id": number | null,"id": string,"kind": string,"layout": NonNullable<Json>,"name": string,"owner": string,"query": string,"updated_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"grid_id"?: number | null,"id"?: string,"kind": string,"layout"?: NonNullable<Json>,"name": string,"owner": string,"query"?: string,"updated_at"?: string
                  }
                  Update: {
                    "created_at"?: string,"grid_id"?: number | null,"id"?: string,"kind"?: string,"layout"?: NonNullable<Json>,"name"?: string,"owner"?: string,"query"?: string,"updated_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "saved_views_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "saved_views_owner_fkey"
      columns: ["owner"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"sectors": {
                  Row: {
                    "code": string,"department_id": number | null,"id": number,"name": string,"sort": number
                  }
                  ComputedFields: never
                  Insert: {
                    "code": string,"department_id"?: number | null,"id"?: never,"name": string,"sort"?: number
                  }
                  Update: {
                    "code"?: string,"department_id"?: number | null,"id"?: never,"name"?: string,"sort"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "sectors_department_id_fkey"
      columns: ["department_id"]
isOneToOne: false
      referencedRelation: "departments"
      referencedColumns: ["id"]
    }
                  ]
                },"settings": {
                  Row: {
                    "key": string,"updated_at": string,"value": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "key": string,"updated_at"?: string,"value": NonNullable<Json>
                  }
                  Update: {
                    "key"?: string,"updated_at"?: string,"value"?: NonNullable<Json>
                  }
                  Relationships: [
                    
                  ]
                },"warning_events": {
                  Row: {
                    "action": string,"actor": string | null,"actor_name": string | null,"actor_role": string | null,"at": string,"figures": Json | null,"id": number,"note": string | null,"reason": string | null,"warning_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"actor"?: string | null,"actor_name"?: string | null,"actor_role"?: string | null,"at": string,"figures"?: Json | null,"id"?: never,"note"?: string | null,"reason"?: string | null,"warning_id": string
                  }
                  Update: {
                    "action"?: string,"actor"?: string | null,"actor_name"?: string | null,"actor_role"?: string | null,"at"?: string,"figures"?: Json | null,"id"?: never,"note"?: string | null,"reason"?: string | null,"warning_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "warning_events_warning_id_fkey"
      columns: ["warning_id"]
isOneToOne: false
      referencedRelation: "warnings"
      referencedColumns: ["id"]
    }
                  ]
                },"warning_rules": {
                  Row: {
                    "created_at": string,"created_by": string | null,"enabled": boolean,"id": number,"kind": string,"note": string | null,"parameters": NonNullable<Json>
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"created_by"?: string | null,"enabled"?: boolean,"id"?: never,"kind": string,"note"?: string | null,"parameters": NonNullable<Json>
                  }
                  Update: {
                    "created_at"?: string,"created_by"?: string | null,"enabled"?: boolean,"id"?: never,"kind"?: string,"note"?: string | null,"parameters"?: NonNullable<Json>
                  }
                  Relationships: [
                    {
      foreignKeyName: "warning_rules_created_by_fkey"
      columns: ["created_by"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                },"warnings": {
                  Row: {
                    "acknowledged_at": string | null,"acknowledged_by": string | null,"acknowledged_name": string | null,"cause_gone_at": string | null,"enterprise_id": string | null,"figure": number,"figures": NonNullable<Json>,"grid_id": number,"id": string,"kind": string,"level": number,"note": string | null,"raised_at": string,"reason": string,"records": NonNullable<Json>,"revision": number,"row_version": number,"sector_id": number | null,"settled_at": string | null,"settled_by": string | null,"settled_name": string | null,"state": string,"step": number,"thing": string,"told": number
                  }
                  ComputedFields: never
                  Insert: {
                    "acknowledged_at"?: string | null,"acknowledged_by"?: string | null,"acknowledged_name"?: string | null,"cause_gone_at"?: string | null,"enterprise_id"?: string | null,"figure": number,"figures": NonNullable<Json>,"grid_id": number,"id"?: string,"kind": string,"level": number,"note"?: string | null,"raised_at": string,"reason": string,"records": NonNullable<Json>,"revision"?: number,"row_version"?: number,"sector_id"?: number | null,"settled_at"?: string | null,"settled_by"?: string | null,"settled_name"?: string | null,"state"?: string,"step": number,"thing": string,"told": number
                  }
                  Update: {
                    "acknowledged_at"?: string | null,"acknowledged_by"?: string | null,"acknowledged_name"?: string | null,"cause_gone_at"?: string | null,"enterprise_id"?: string | null,"figure"?: number,"figures"?: NonNullable<Json>,"grid_id"?: number,"id"?: string,"kind"?: string,"level"?: number,"note"?: string | null,"raised_at"?: string,"reason"?: string,"records"?: NonNullable<Json>,"revision"?: number,"row_version"?: number,"sector_id"?: number | null,"settled_at"?: string | null,"settled_by"?: string | null,"settled_name"?: string | null,"state"?: string,"step"?: number,"thing"?: string,"told"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "warnings_enterprise_id_fkey"
      columns: ["enterprise_id"]
isOneToOne: false
      referencedRelation: "enterprises"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "warnings_grid_id_fkey"
      columns: ["grid_id"]
isOneToOne: false
      referencedRelation: "grids"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "warnings_sector_id_fkey"
      columns: ["sector_id"]
isOneToOne: false
      referencedRelation: "sectors"
      referencedColumns: ["id"]
    }
                  ]
                },"work_calendar": {
                  Row: {
                    "day": string,"kind": string,"name": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"kind": string,"name": string
                  }
                  Update: {
                    "day"?: string,"kind"?: string,"name"?: string
                  }
                  Relationships: [
                    
                  ]
                },"work_notice_reads": {
                  Row: {
                    "due_at": string,"hazard_id": string,"kind": string,"read_at": string,"step": string,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "due_at": string,"hazard_id": string,"kind": string,"read_at"?: string,"step": string,"user_id": string
                  }
                  Update: {
                    "due_at"?: string,"hazard_id"?: string,"kind"?: string,"read_at"?: string,"step"?: string,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "work_notice_reads_hazard_id_fkey"
      columns: ["hazard_id"]
isOneToOne: false
      referencedRelation: "hazards"
      referencedColumns: ["id"]
    },{
      foreignKeyName: "work_notice_reads_user_id_fkey"
      columns: ["user_id"]
isOneToOne: false
      referencedRelation: "profiles"
      referencedColumns: ["id"]
    }
                  ]
                }
          }
          Views: {
            [_ in never]: never
          }
          Functions: {
            "accident_card":
{ Args: { "p_accident"?: string }; Returns: Json
                           },
"accident_figures":
{ Args: { "p_from"?: string,"p_grid"?: number,"p_sector"?: string,"p_to"?: string }; Returns: Json
                           },
"acknowledge_hazards":
{ Args: { "p_hazards"?: (string)[],"p_origin"?: string }; Returns: Json
                           },
"advance_hazard":
{ Args: { "p_action"?: string,"p_fields"?: Json,"p_hazard"?: string,"p_version"?: number }; Returns: Json
                           },
"advance_hazards":
{ Args: { "p_action"?: string,"p_fields"?: Json,"p_items"?: Json }; Returns: Json
                           },
"appoint":
{ Args: { "p_grid"?: number,"p_person"?: Json,"p_position"?: string }; Returns: Json
                           },
"appointment_history":
{ Args: { "p_before"?: number,"p_grid"?: number,"p_limit"?: number }; Returns: Json
                           },
"blind_spots":
{ Args: { "p_grid"?: number }; Returns: Json
                           },
"boundaries_at":
{ Args: { "p_at"?: string,"p_grid"?: number }; Returns: Json
                           },
"boundary_comparison":
{ Args: { "p_from"?: string,"p_grid"?: number,"p_to"?: string }; Returns: Json
                           },
"boundary_history":
{ Args: { "p_before"?: string,"p_grid"?: number,"p_limit"?: number }; Returns: Json
                           },
"bulk_candidates":
{ Args: { "p_hazards"?: Json }; Returns: Json
                           },
"changes_since":
{ Args: { "p_cursor"?: string,"p_limit"?: number }; Returns: Json
                           },
"commit_grid_boundaries":
{ Args: { "p_changes"?: Json,"p_options"?: Json }; Returns: Json
                           },
"commit_outcome":
{ Args: { "p_request"?: string }; Returns: Json
                           },
"confirm_enterprise":
{ Args: { "p_enterprise"?: string,"p_fields"?: Json,"p_version"?: number }; Returns: Json
                           },
"desk_counts":
{ Args: { "p_grid"?: number }; Returns: Json
                           },
"desk_feed":
{ Args: { "p_hazards"?: (string)[],"p_hours"?: number,"p_limit"?: number }; Returns: Json
                           },
"desk_replay":
{ Args: { "p_from"?: string,"p_to"?: string }; Returns: Json
                           },
"dismiss":
{ Args: { "p_confirm"?: boolean,"p_grid"?: number,"p_position"?: string,"p_user"?: string }; Returns: Json
                           },
"drop_view":
{ Args: { "p_view"?: string }; Returns: Json
                           },
"duty_status":
{ Args: { "p_grid"?: number,"p_on"?: string }; Returns: Json
                           },
"enterprise_card":
{ Args: { "p_enterprise"?: string }; Returns: Json
                           },
"enterprise_portrait":
{ Args: { "p_enterprise"?: string }; Returns: Json
                           },
"escalate_overdue":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"escalate_unacknowledged":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"find_people":
{ Args: { "p_limit"?: number,"p_query"?: string }; Returns: Json
                           },
"grid_card":
{ Args: { "p_grid"?: number }; Returns: Json
                           },
"grid_features":
{ Args: { "p_bbox"?: (number)[],"p_level"?: number,"p_parent"?: number,"p_tolerance"?: number }; Returns: Json
                           },
"grid_notice":
{ Args: { "p_children"?: boolean,"p_grid"?: number }; Returns: Json
                           },
"grid_staff":
{ Args: { "p_grid"?: number }; Returns: Json
                           },
"handle_warning":
{ Args: { "p_action"?: string,"p_note"?: string,"p_version"?: number,"p_warning"?: string }; Returns: Json
                           },
"hazard_candidates":
{ Args: { "p_hazard"?: string }; Returns: Json
                           },
"hazard_card":
{ Args: { "p_hazard"?: string }; Returns: Json
                           },
"hazard_history":
{ Args: { "p_hazard"?: string }; Returns: Json
                           },
"hazards_nearby":
{ Args: { "p_lat"?: number,"p_lon"?: number,"p_radius_m"?: number,"p_sector"?: string }; Returns: Json
                           },
"import_enterprises":
{ Args: { "p_options"?: Json,"p_rows"?: Json }; Returns: Json
                           },
"import_hazards":
{ Args: { "p_options"?: Json,"p_rows"?: Json }; Returns: Json
                           },
"import_risk_points":
{ Args: { "p_options"?: Json,"p_rows"?: Json }; Returns: Json
                           },
"keep_ledger":
{ Args: { "p_first"?: string,"p_kind"?: string,"p_layout"?: Json }; Returns: Json
                           },
"ledger_marks":
{ Args: { "p_every"?: number,"p_filter"?: Json,"p_kind"?: string,"p_sort"?: string }; Returns: Json
                           },
"ledger_views":
{ Args: { "p_kind"?: string }; Returns: Json
                           },
"list_accidents":
{ Args: { "p_after"?: string,"p_filter"?: Json,"p_limit"?: number }; Returns: Json
                           },
"list_campaigns":
{ Args: { "p_filter"?: Json }; Returns: Json
                           },
"list_enterprises":
{ Args: { "p_after"?: Json,"p_filter"?: Json,"p_limit"?: number }; Returns: Json
                           },
"list_hazards":
{ Args: { "p_after"?: Json,"p_filter"?: Json,"p_full"?: boolean,"p_limit"?: number,"p_sort"?: string,"p_total"?: boolean }; Returns: Json
                           },
"list_warning_rules":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"list_warnings":
{ Args: { "p_after"?: string,"p_filter"?: Json,"p_limit"?: number }; Returns: Json
                           },
"map_points":
{ Args: { "p_bbox"?: (number)[],"p_filter"?: Json,"p_kind"?: string,"p_limit"?: number }; Returns: Json
                           },
"me":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"my_notices":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"my_reports":
{ Args: { "p_limit"?: number }; Returns: Json
                           },
"my_work":
{ Args: { "p_after"?: Json,"p_filter"?: Json,"p_limit"?: number }; Returns: Json
                           },
"open_boundaries":
{ Args: { "p_grid"?: number }; Returns: Json
                           },
"place_card":
{ Args: { "p_lat"?: number,"p_lon"?: number,"p_on"?: string,"p_radius_m"?: number }; Returns: Json
                           },
"prevention_rule_versions":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"raise_warnings":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"read_notices":
{ Args: { "p_hazards"?: (string)[] }; Returns: Json
                           },
"refresh_risk":
{ Args: { "p_on"?: string }; Returns: Json
                           },
"remove_accident":
{ Args: { "p_accident"?: string,"p_reason"?: string,"p_version"?: number }; Returns: Json
                           },
"remove_campaign":
{ Args: { "p_campaign"?: number,"p_version"?: number }; Returns: Json
                           },
"remove_major_hazard_source":
{ Args: { "p_source"?: string,"p_version"?: number }; Returns: Json
                           },
"remove_risk_point":
{ Args: { "p_point"?: string,"p_version"?: number }; Returns: Json
                           },
"report_hazard":
{ Args: { "p_hazard"?: Json }; Returns: Json
                           },
"responsible_at":
{ Args: { "p_at"?: string,"p_lat"?: number,"p_lon"?: number,"p_sector"?: string }; Returns: Json
                           },
"risk_breakdown":
{ Args: { "p_grid"?: number,"p_on"?: string,"p_sector"?: string }; Returns: Json
                           },
"risk_briefing":
{ Args: { "p_from"?: string,"p_grid"?: number,"p_sector"?: string,"p_to"?: string }; Returns: Json
                           },
"risk_map":
{ Args: { "p_days"?: number,"p_level"?: number,"p_on"?: string,"p_sector"?: string }; Returns: Json
                           },
"risk_playback":
{ Args: { "p_from"?: string,"p_level"?: number,"p_sector"?: string,"p_to"?: string }; Returns: Json
                           },
"risk_records":
{ Args: { "p_factor"?: string,"p_grid"?: number,"p_on"?: string,"p_sector"?: string }; Returns: Json
                           },
"risk_rule_versions":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"risk_trend":
{ Args: { "p_from"?: string,"p_grid"?: number,"p_sector"?: string,"p_to"?: string }; Returns: Json
                           },
"save_accident":
{ Args: { "p_accident"?: Json }; Returns: Json
                           },
"save_campaign":
{ Args: { "p_campaign"?: Json }; Returns: Json
                           },
"save_licence":
{ Args: { "p_licence"?: Json }; Returns: Json
                           },
"save_major_hazard_source":
{ Args: { "p_source"?: Json }; Returns: Json
                           },
"save_risk_point":
{ Args: { "p_point"?: Json }; Returns: Json
                           },
"save_view":
{ Args: { "p_view"?: Json }; Returns: Json
                           },
"search_places":
{ Args: { "p_limit"?: number,"p_query"?: string }; Returns: Json
                           },
"sector_matrix":
{ Args: { "p_on"?: string,"p_parent"?: number }; Returns: Json
                           },
"set_prevention_rules":
{ Args: { "p_options"?: Json,"p_rules"?: Json }; Returns: Json
                           },
"set_risk_rules":
{ Args: { "p_options"?: Json,"p_rules"?: Json }; Returns: Json
                           },
"set_sector_department":
{ Args: { "p_department"?: number,"p_sector"?: number,"p_was"?: number }; Returns: Json
                           },
"set_warning_rules":
{ Args: { "p_options"?: Json,"p_rules"?: Json }; Returns: Json
                           },
"update_person":
{ Args: { "p_fields"?: Json,"p_user"?: string }; Returns: Json
                           },
"verify_history":
{ Args: { "p_hazard"?: string }; Returns: Json
                           },
"warning_card":
{ Args: { "p_warning"?: string }; Returns: Json
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            
          }
        }
} as const
